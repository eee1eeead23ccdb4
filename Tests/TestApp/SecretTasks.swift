import Flowmancer
import Foundation
import Glibc

struct Login: ParameterGroup {
    @Parameter var user = "user"
    @Parameter(.secret) var password: String
}

/// Writes its secrets in every way that comes to mind, and fails with them.
struct Leak: FlowTask {
    @Parameter(.secret, "The token of the service.") var token: String
    @Parameter(.secret) var key: String?
    @Parameter var logins: [String: Login] = [:]

    func run() async throws {
        let secrets = [token] + (key.map { [$0] } ?? []) + logins.values.map(\.password)
        for secret in secrets { try leak(secret) }
        print(self)
        print("dumped \(dump(self).token)")
        logger.warning("logged \(token)", metadata: ["token": "\(token)", "\(token)": "as a key"])
        try spawn(["/bin/sh", "-c", "printenv TOKEN; printenv TOKEN | base64 >&2"], waits: true)
        // The last line of the attempt has no line feed.
        for byte in "byte by byte \(token)".utf8 { writeAll([byte], to: 1) }
        throw Failure(description: "rejected \(token)")
    }

    private func leak(_ secret: String) throws {
        print("plain \(secret) and twice \(secret)\(secret)")
        writeAll(Array("to standard error \(secret)\n".utf8), to: 2)
        for before in ["", "1", "12", "user:"] {
            for after in ["", "x", "yz"] {
                let encoded = Data((before + secret + after).utf8).base64EncodedString()
                print("base64 \(encoded)")
                print("base64url \(encoded.replacing("+", with: "-").replacing("/", with: "_"))")
            }
        }
        for allowed in [CharacterSet.alphanumerics, .urlQueryAllowed, .urlPathAllowed, .urlPasswordAllowed] {
            print("percent \(secret.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")")
        }
        print("json \(String(decoding: try JSONEncoder().encode(["secret": secret]), as: UTF8.self))")
        print("swift \(secret.debugDescription)")
    }

    func onFailure() async throws { writeAll(Array("failed with \(token)\n".utf8), to: 2) }
}

/// Stays until a file is there.
struct HoldSecret: FlowTask {
    @Parameter(.secret) var token: String
    @Parameter var marker: String

    func run() async throws {
        try writeMarker(marker, "\(getpid())")
        while access("\(marker).end", F_OK) != 0 { try await Task.sleep(for: .milliseconds(5)) }
        print("ended with \(token)")
    }
}

/// Prints its secret.
struct SecretNumber: FlowTask {
    @Parameter(.secret) var pin: Int
    @Parameter(.secret) var url: URL?

    func run() async throws { print("pin \(pin)") }
}

/// Throws its secret in every method.
struct LeakingLogger: FlowLogger {
    @Parameter(.secret) var webhook: String

    func onCreate() async throws { throw Failure(description: "cannot reach \(webhook)") }
    func update(_ event: TaskLogEvent) async throws { throw Failure(description: "cannot post to \(webhook)") }
}

/// Cannot store anything, and says what it tried it with.
struct LeakingCheckpointer: FlowCheckpointer {
    @Parameter(.secret) var password: String

    private var failure: Failure { Failure(description: "the password \(password) was refused") }

    func writeCheckpoint(_ contents: CheckpointContents, for name: String) async throws { throw failure }
    func readCheckpoint(for name: String) async throws -> CheckpointContents { throw failure }
    func clearCheckpoint(for name: String) async throws {}
}
