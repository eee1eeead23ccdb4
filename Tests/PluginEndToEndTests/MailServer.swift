import Foundation
import Testing

/// A real mail server, from Debian's package `python3-aiosmtpd`.
final class MailServer {
    /// A message as the server took it.
    struct Message: Decodable {
        var from: String
        var to: [String]
        var encrypted: Bool
        var authenticated: Bool
        var data: String

        /// The text of the message.
        var text: String {
            let body = data.replacing("\r\n", with: "\n").components(separatedBy: "\n\n").dropFirst().joined()
            return Data(base64Encoded: body.replacing("\n", with: "")).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
    }

    private static let python = "/usr/bin/python3"

    /// Whether the server's package is there.
    static let isInstalled: Bool = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-c", "import aiosmtpd"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        if process.terminationStatus != 0 {
            print("The tests of mail are skipped: Debian's package python3-aiosmtpd is not installed.")
        }
        return process.terminationStatus == 0
    }()

    private let program: Running
    /// What the server reads: it ends when this does.
    private let input = Pipe()
    let port: Int

    init(_ sandbox: Sandbox, _ arguments: String...) throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "smtp-server.py")
        let program = try Running(Self.python, [script.path] + arguments, in: sandbox.directory, input: input)
        self.program = program
        waitUntil { program.outputSoFar.contains("\n") || !program.process.isRunning }
        let first = program.outputSoFar.split(separator: "\n").first
        port = try #require(first.flatMap { Int($0) }, "\(program.errorsSoFar)")
    }

    deinit {
        try? input.fileHandleForWriting.close()
        program.process.waitUntilExit()
    }

    func messages() throws -> [Message] {
        try program.outputSoFar.split(separator: "\n").dropFirst().map {
            try JSONDecoder().decode(Message.self, from: Data($0.utf8))
        }
    }
}

extension Sandbox {
    /// Makes a certificate for this machine that signs itself.
    func makeCertificate(names: String = "DNS:localhost,IP:127.0.0.1") throws -> (certificate: String, key: String) {
        let (certificate, key) = (path("certificate.pem"), path("key.pem"))
        let openssl = try Running(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", certificate,
                "-subj", "/CN=localhost", "-addext", "subjectAltName=\(names)",
            ],
            in: directory
        )
        try #require(openssl.wait().exitCode == 0)
        return (certificate, key)
    }
}
