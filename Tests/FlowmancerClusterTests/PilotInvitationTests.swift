import FlowmancerCore
import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import FlowmancerCluster

@Suite struct PilotInvitationTests {
    private func contents(_ directory: TemporaryDirectory) throws -> InvitationContents {
        let engine = try RunCredential(name: "engine")
        let pilot = try RunCredential(name: "pilot")
        return InvitationContents(
            hosts: ["10.0.0.1", "node1"],
            port: 4_000,
            engineCertificate: engine.certificate,
            pilotCertificate: pilot.certificate,
            pilotKey: pilot.key,
            site: InvitationContents.Site(ClusterRig.site(in: directory.path))
        )
    }

    private func written(
        _ change: (inout InvitationContents) -> Void = { _ in }
    ) throws -> (TemporaryDirectory, String) {
        let directory = try TemporaryDirectory()
        var contents = try contents(directory)
        change(&contents)
        return (directory, try InvitationFile.write(contents, in: directory.path))
    }

    private func problem(_ path: String) -> String {
        do throws(PilotInvitationError) {
            _ = try PilotInvitation(path: path)
            return "none"
        } catch {
            return error.description
        }
    }

    @Test func allOfTheSiteArrives() throws {
        let directory = try TemporaryDirectory()
        var contents = try contents(directory)
        let site = ClusterRig.site(in: directory.path)
        contents.site = InvitationContents.Site(site)
        let path = try InvitationFile.write(contents, in: directory.path)
        #expect(try PilotInvitation(path: path).site == site)
        let read = try InvitationFile.read(path)
        #expect(read.hosts == ["10.0.0.1", "node1"])
        #expect(read.port == 4_000)
    }

    @Test func onlyTheOwnerCanReadIt() throws {
        let (directory, _) = try written()
        #expect(try directory.contents() == ["invitation"])
        #expect(directory.mode("invitation") == 0o600)
    }

    @Test func anEarlierOneIsReplaced() throws {
        let (directory, path) = try written()
        var contents = try contents(directory)
        contents.port = 4_001
        #expect(try InvitationFile.write(contents, in: directory.path) == path)
        #expect(try InvitationFile.read(path).port == 4_001)
        #expect(try directory.contents() == ["invitation"])
    }

    @Test func aDirectoryThatCannotBeWrittenIsNamed() throws {
        let (directory, _) = try written()
        let contents = try contents(directory)
        #expect {
            try InvitationFile.write(contents, in: "\(directory.path)/missing")
        } throws: {
            let path = "\(directory.path)/missing/invitation"
            return "\($0)".contains("cannot write the invitation for pilots '\(path)': no such file")
        }
    }

    @Test(arguments: [0o640, 0o604, 0o620, 0o602, 0o666, 0o610] as [UInt32])
    func oneThatOthersCanReadIsRefused(mode: UInt32) throws {
        let (_directory, path) = try written()
        chmod(path, mode)
        #expect(problem(path).contains("permissions \(String(mode, radix: 8)) instead of 600"))
        withExtendedLifetime(_directory) {}
    }

    @Test(.enabled(if: geteuid() == 0, "only an administrator can give files away"))
    func oneOfAnotherUserIsRefused() throws {
        let (directory, path) = try written()
        chown(path, 12_345, 12_345)
        #expect(problem(path).contains("belongs to user 12345, but this is user 0"))
        withExtendedLifetime(directory) {}
    }

    @Test func aMissingOneHasAnAdvice() throws {
        let (directory, _) = try written()
        let text = problem("\(directory.path)/other")
        #expect(text.contains("'\(directory.path)/other' does not exist on this machine"))
        #expect(text.contains("put the app root on a file system that all machines share"))
    }

    @Test func whatIsNoFileIsRefused() throws {
        let (directory, path) = try written()
        symlink(path, "\(directory.path)/link")
        mkfifo("\(directory.path)/pipe", 0o600)
        #expect(problem("\(directory.path)/link").contains("cannot be read"))
        #expect(problem("\(directory.path)/pipe").contains("not a regular file"))
        #expect(problem(directory.path).contains("not a regular file"))
        #expect(problem("a\u{0}b").contains("cannot be read"))
    }

    @Test func damageIsNoticed() throws {
        let (directory, path) = try written()
        let bytes = try directory.bytes("invitation")
        func isDamaged(_ bytes: [UInt8]) -> Bool {
            do throws(PilotInvitationError) {
                _ = try InvitationFile.parse(bytes, path)
                return false
            } catch {
                return error.description.contains("is damaged")
            }
        }
        #expect(!isDamaged(bytes))
        #expect((0..<bytes.count).allSatisfy { isDamaged(Array(bytes[..<$0])) })
        let isEveryChangeNoticed = bytes.indices.allSatisfy { index in
            var changed = bytes
            changed[index] ^= 4
            return isDamaged(changed)
        }
        #expect(isEveryChangeNoticed)
        #expect(isDamaged(bytes + bytes))
        #expect(isDamaged(pattern(10_000)))
        try directory.write(Array(bytes.dropLast(100)), to: "invitation")
        chmod(path, 0o600)
        #expect(problem(path).contains("is damaged"))
    }

    @Test func valuesThatMakeNoSenseAreDamage() throws {
        let changes: [(inout InvitationContents) -> Void] = [
            { $0.port = 0 }, { $0.port = 70_000 }, { $0.hosts = [] }, { $0.pilotKey = PrivateText("") },
            { $0.pilotCertificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" },
            { $0.engineCertificate = "nothing" }, { $0.pilotCertificate = $0.engineCertificate },
        ]
        for change in changes {
            let (directory, path) = try written(change)
            #expect(problem(path).contains("is damaged"))
            withExtendedLifetime(directory) {}
        }
    }

    @Test func aNewerOneIsNamedSo() throws {
        let (directory, path) = try written { $0.version = 2 }
        #expect(problem(path).contains("has version 2, and this program knows versions up to 1"))
        withExtendedLifetime(directory) {}
    }

    @Test func nothingThatIsPrintedShowsAKey() throws {
        let (directory, path) = try written()
        let contents = try InvitationFile.read(path)
        let invitation = try PilotInvitation(path: path)
        let credential = try RunCredential(name: "engine")
        var texts = ["\(contents)", String(reflecting: contents), "\(invitation)", String(reflecting: invitation)]
        texts += ["\(credential)", String(reflecting: credential)]
        for value in [contents, invitation, credential] as [Any] {
            var text = ""
            dump(value, to: &text)
            texts.append(text)
        }
        for text in texts {
            for key in [contents.pilotKey, credential.key] {
                for line in key.text.split(separator: "\n") where !line.hasPrefix("-") {
                    #expect(!text.contains(line))
                }
            }
            #expect(!text.contains("PRIVATE KEY"))
        }
        withExtendedLifetime(directory) {}
    }
}
