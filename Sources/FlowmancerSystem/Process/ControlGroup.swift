import FoundationEssentials

/// The control group that the process is in, as containers have one.
enum ControlGroup {
    /// How many more processes and threads there may be; `nil` if there is no limit, or none to be seen.
    static var processHeadroom: Int? {
        let groups = (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? ""
        return directories(groups).compactMap { directory in
            number(in: "\(directory)/pids.max").map { $0 - (number(in: "\(directory)/pids.current") ?? 0) }
        }.min()
    }

    private static func number(in file: String) -> Int? {
        let text = try? String(contentsOfFile: file, encoding: .utf8)
        return text.flatMap { Int($0.prefix { !$0.isWhitespace }) }
    }

    /// Where the limits may stand, for a process in these groups: lines of `number:controllers:path`, as of cgroups(7).
    static func directories(_ groups: String) -> [String] {
        let ofProcess = groups.split(separator: "\n").flatMap { line -> [String] in
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { return [] }
            let root: String
            if fields[1].isEmpty {
                root = "/sys/fs/cgroup"
            } else if fields[1].split(separator: ",").contains("pids") {
                root = "/sys/fs/cgroup/pids"
            } else {
                return []
            }
            // Those above limit it, too.
            let steps = fields[2].split(separator: "/")
            return (0...steps.count).map { count in
                ([root] + steps.prefix(count).map(String.init)).joined(separator: "/")
            }
        }
        return ofProcess.isEmpty ? ["/sys/fs/cgroup"] : ofProcess
    }
}
