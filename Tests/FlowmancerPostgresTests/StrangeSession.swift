#if Postgres
    import FlowmancerCore
    import Foundation
    import ProgramTestSupport

    /// The number of a job's lock.
    struct LockKey {
        let value: Int64

        init(schema: String, job: String) {
            var hash = StableHash()
            hash.combine(bytes: "flowmancer\0\(schema)\0\(job)".utf8)
            value = Int64(bitPattern: UInt64(hash.hexadecimal, radix: 16) ?? 0)
        }
    }

    /// A session of another program, which stands for a run on another machine.
    final class StrangeSession {
        private let process = Process()
        private let input = Pipe()
        private let output = Pipe()

        init(_ server: PostgresServer) throws {
            process.executableURL = URL(filePath: "/usr/bin/psql")
            process.arguments = [
                "-h", "127.0.0.1", "-p", "\(server.port)", "-U", PostgresServer.user, "-d", "postgres", "-X", "-A",
                "-t", "-q",
            ]
            process.environment = [
                "PGPASSWORD": PostgresServer.password, "PGAPPNAME": "flowmancer 999999 0a0b0c0d elsewhere",
            ]
            process.standardInput = input
            process.standardOutput = output
            try process.run()
        }

        /// Waits for the lock of a job, and keeps it.
        func lock(schema: String, job: String) throws {
            let key = LockKey(schema: schema, job: job).value
            try input.fileHandleForWriting.write(contentsOf: Data("SELECT 'locked', pg_advisory_lock(\(key));\n".utf8))
            _ = try output.fileHandleForReading.read(upToCount: 1)
        }

        func close() {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }
    }
#endif
