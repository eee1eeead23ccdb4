import Foundation
import Glibc
import TestSupport

/// A PostgreSQL server of the tests' own, from Debian's package, on a free port of 127.0.0.1.
package final class PostgresServer: Sendable {
    /// Why there can be none; `nil` if there can.
    package static let obstacle: String? = {
        guard programs != nil else { return "PostgreSQL is not installed (Debian's package is postgresql)" }
        // The server refuses to run as root.
        guard geteuid() != 0 || getpwnam("postgres") != nil else { return "there is no user 'postgres' to run it as" }
        return nil
    }()

    package static var isAvailable: Bool {
        if let obstacle { print("skipped: \(obstacle)") }
        return obstacle == nil
    }

    /// What the tests connect as.
    package static let user = "flowmancer"
    package static let password = "Not-a-real-password-1"

    /// The directory with the server's programs, of the newest version.
    private static let programs: String? = {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.map { "\(root)/\($0)/bin" }
            .first { FileManager.default.isExecutableFile(atPath: "\($0)/initdb") }
    }()

    private let directory: TemporaryDirectory
    package let port: Int
    private var data: String { "\(directory.path)/data" }
    /// The directory of the server's socket.
    package var socketDirectory: String { directory.path }
    /// The certificate of a server with TLS.
    package var certificate: String { "\(data)/server.crt" }

    /// Creates and starts a server.
    package init(usesTLS: Bool = false) throws {
        directory = try TemporaryDirectory()
        port = try Self.freePort()
        chmod(directory.path, 0o755)
        if geteuid() == 0, let user = getpwnam("postgres") {
            chown(directory.path, user.pointee.pw_uid, user.pointee.pw_gid)
        }
        try directory.write(Array(Self.password.utf8), to: "password")
        chmod("\(directory.path)/password", 0o644)
        try run(
            "initdb",
            [
                "-D", data, "-U", Self.user, "--pwfile", "\(directory.path)/password", "-A", "scram-sha-256", "-E",
                "UTF8",
            ]
                + ["--locale", "C", "-N"]
        )
        if usesTLS { try makeCertificate() }
        try start()
    }

    deinit {
        stop()
    }

    /// Starts the server, also after it was killed, and waits until it answers.
    package func start() throws {
        var options = "-p \(port) -k \(directory.path) -c listen_addresses=127.0.0.1 -c max_connections=60"
        if FileManager.default.fileExists(atPath: certificate) { options += " -c ssl=on" }
        var last: (any Error)?
        for _ in 0..<50 {
            do {
                try run(
                    "pg_ctl",
                    ["-D", data, "-w", "-t", "60", "-l", "\(directory.path)/log", "-o", options, "start"]
                )
                return
            } catch {
                // What is left of a server that was killed may still have its memory.
                last = error
                usleep(200_000)
            }
        }
        throw last ?? SetupError(text: "the server did not start")
    }

    /// Ends the server at once.
    package func stop() {
        _ = try? run("pg_ctl", ["-D", data, "-m", "immediate", "-w", "stop"])
    }

    /// Kills the server with all its processes.
    package func kill() {
        let all = processes
        for pid in all { Glibc.kill(pid, SIGKILL) }
        while all.contains(where: isAlive) { usleep(1_000) }
    }

    /// Stops the server with all its processes: it keeps its connections, and does not answer.
    package func suspend() { for pid in processes { Glibc.kill(pid, SIGSTOP) } }

    /// Lets a stopped server go on.
    package func resume() { for pid in processes { Glibc.kill(pid, SIGCONT) } }

    private var processes: [pid_t] {
        guard let text = try? directory.text("data/postmaster.pid"), let line = text.split(separator: "\n").first,
            let main = pid_t(line)
        else { return [] }
        let children = (try? String(contentsOfFile: "/proc/\(main)/task/\(main)/children", encoding: .utf8)) ?? ""
        return [main] + children.split(separator: " ").compactMap { pid_t($0) }
    }

    /// Executes SQL with the program of PostgreSQL, and returns the rows, with bars between columns.
    @discardableResult
    package func psql(_ sql: String, database: String = "postgres") throws -> [String] {
        let output = try run(
            "psql",
            [
                "-h", "127.0.0.1", "-p", "\(port)", "-U", Self.user, "-d", database, "-X", "-A", "-t", "-q", "-v",
                "ON_ERROR_STOP=1",
            ]
                + ["-c", sql],
            environment: ["PGPASSWORD": Self.password]
        )
        return output.split(separator: "\n").map(String.init)
    }

    // MARK: Programs

    @discardableResult
    private func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws -> String {
        guard let programs = Self.programs else { throw SetupError(text: Self.obstacle ?? "") }
        return try Self.run("\(programs)/\(program)", arguments, environment: environment, log: "\(directory.path)/log")
    }

    private static func run(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        log: String? = nil
    ) throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "postgres-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let asPostgres = ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        // A server that lives on would keep the ports and connections of other tests open.
        let close = #"for f in /proc/self/fd/*; do n=${f##*/}; ((n > 2)) && eval "exec $n>&-"; done; exec "$@""#
        let isolated = ["/bin/bash", "-c", close, "bash"]
        // The working directory may be one that the user of the server must not see.
        let command =
            isolated + ["/usr/bin/env", "-C", "/"] + (geteuid() == 0 ? asPostgres : []) + [program] + arguments
        let variables = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        let pid = try spawn(command[0], command, environment: variables.map { "\($0)=\($1)" }, output: file.path)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let text = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        guard status == 0 else {
            let details = log.flatMap { try? String(contentsOfFile: $0, encoding: .utf8) } ?? ""
            throw SetupError(text: "\(program) failed: \(text)\(details.suffix(2_000))")
        }
        return text
    }

    private func makeCertificate() throws {
        _ = try Self.run(
            "/usr/bin/openssl",
            [
                "req", "-new", "-x509", "-days", "2", "-nodes", "-subj", "/CN=localhost", "-addext",
                "subjectAltName=DNS:localhost",
            ]
                + ["-out", "\(data)/server.crt", "-keyout", "\(data)/server.key"]
        )
        chmod("\(data)/server.key", 0o600)
    }

    private static func freePort() throws -> Int {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> in_port_t? in
                guard bind(socket, address, length) == 0, getsockname(socket, address, &length) == 0 else { return nil }
                return pointer.pointee.sin_port.bigEndian
            }
        }
        guard let port else { throw SetupError(text: "no free port") }
        return Int(port)
    }
}
