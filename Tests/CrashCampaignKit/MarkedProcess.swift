import Glibc

/// A process that belongs to a certain start of the engine: a marker in its environment or its arguments says so.
struct MarkedProcess: CustomStringConvertible {
    var pid: pid_t
    var name: String
    var state: Character
    private var parent: pid_t

    var description: String { "\(pid) (\(name), \(state))" }

    /// Finds the processes that are alive; one that is dead and not yet waited for is not.
    static func all(marker: String) -> [MarkedProcess] {
        guard let directory = opendir("/proc") else { return [] }
        defer { closedir(directory) }
        var result: [MarkedProcess] = []
        while let entry = readdir(directory) {
            let pid = withUnsafeBytes(of: &entry.pointee.d_name) { name in
                name.baseAddress.map { atoi($0.assumingMemoryBound(to: CChar.self)) } ?? 0
            }
            guard pid > 0, has("/proc/\(pid)/environ", marker) || has("/proc/\(pid)/cmdline", marker),
                let process = MarkedProcess(pid)
            else { continue }
            result.append(process)
        }
        return result
    }

    private init?(_ pid: pid_t) {
        let stat = String(decoding: Self.read("/proc/\(pid)/stat"), as: UTF8.self)
        guard let start = stat.firstIndex(of: "("), let end = stat.lastIndex(of: ")"),
            let state = stat[end...].dropFirst(2).first, state != "Z", state != "X",
            let parent = stat[end...].split(separator: " ").dropFirst(2).first.flatMap({ pid_t($0) })
        else { return nil }
        self.pid = pid
        name = String(stat[stat.index(after: start)..<end])
        self.state = state
        self.parent = parent
    }

    /// The name of the process that started it, or that took it over.
    var parentName: String { MarkedProcess(parent)?.name ?? "" }

    private static func has(_ path: String, _ marker: String) -> Bool {
        let bytes = read(path)
        let length = marker.utf8.count
        return bytes.withUnsafeBytes { bytes in
            var start = 0
            while bytes.count - start >= length,
                let found = memchr(
                    bytes.baseAddress! + start,
                    CInt(marker.utf8.first!),
                    bytes.count - start - length + 1
                )
            {
                if memcmp(found, marker, length) == 0 { return true }
                start = UnsafeRawPointer(found) - bytes.baseAddress! + 1
            }
            return false
        }
    }

    private static func read(_ path: String) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [0] }
        defer { close(file) }
        return [UInt8](unsafeUninitializedCapacity: 1 << 17) { buffer, count in
            count = 0
            while count < buffer.count {
                let result = Glibc.read(file, buffer.baseAddress! + count, buffer.count - count)
                if result <= 0 { break }
                count += result
            }
            if count == 0 {
                buffer.initializeElement(at: 0, to: 0)
                count = 1
            }
        }
    }
}
