import Foundation
import Testing

/// A disk that is really full; only root may mount a small one.
@Suite(.ownThread) struct FullDiskTests {
    /// A file system of one megabyte in a sandbox.
    private struct SmallDisk: ~Copyable {
        let path: String

        init?(_ path: String) throws {
            self.path = path
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            guard mount("tmpfs", path, "tmpfs", 0, "size=1m") == 0 else {
                print("skipped: a small file system cannot be mounted here: \(String(cString: strerror(errno)))")
                return nil
            }
        }

        deinit { umount2(path, Int32(MNT_DETACH)) }

        func fill() {
            let file = open("\(path)/filler", O_WRONLY | O_CREAT, 0o600)
            let block = [UInt8](repeating: 0, count: 512)
            while write(file, block, block.count) > 0 {}
            close(file)
        }

        func makeRoom() { unlink("\(path)/filler") }
    }

    @Test func aFullDiskAtTheStartKeepsTheRunFromBeginning() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        guard let disk = try SmallDisk(sandbox.path("disk")) else { return }
        disk.fill()
        let job = """
            tasks: {a: {task: RunChild, parameters: {script: touch ran}}}
            checkpointer: {checkpointer: FileCheckpointer, parameters: {checkpoint_dir: disk}}
            """
        let result = try sandbox.run(job)
        #expect(result.exitCode == 99)
        #expect(result.errors.contains("No space left on device; free some space"), "\(result.errors)")
        #expect(!sandbox.exists("ran"))
        disk.makeRoom()
        #expect(try sandbox.run(job).exitCode == 0)
    }

    @Test func aDiskThatFillsUpDuringTheRunIsNoEnd() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        guard let disk = try SmallDisk(sandbox.path("disk")) else { return }
        try sandbox.write(
            """
            tasks:
              a: {task: RunChild, parameters: {script: 'touch here; while [ ! -e full ]; do sleep 0.02; done'}}
              b: {task: UseSharedDict, dependencies: [a]}
              c: {task: RunChild, parameters: {script: 'while [ ! -e go ]; do sleep 0.02; done'}}
              d: {task: NoOp, dependencies: [c]}
            checkpointer: {checkpointer: FileCheckpointer, parameters: {checkpoint_dir: disk}}
            loggers: {files: {logger: FileLogger, parameters: {base_log_dir: disk/logs}}}
            """,
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("here") })
        disk.fill()
        try sandbox.write("", to: "full")
        #expect(waitUntil { running.errorsSoFar.contains("Progress cannot be stored") }, "\(running.errorsSoFar)")
        disk.makeRoom()
        #expect(waitUntil { running.outputSoFar.contains("Progress is stored again") })
        try sandbox.write("", to: "go")
        let result = try running.wait()
        // Only the one that fails anyway.
        #expect(result.exitCode == 1, "\(result.errors)")
        let restarted = try sandbox.start(["-j", "job.yaml", "-r", "--skip", "b"]).wait()
        #expect(restarted.output.contains("done, kept: a, c, d"), "\(restarted.output)")
    }
}
