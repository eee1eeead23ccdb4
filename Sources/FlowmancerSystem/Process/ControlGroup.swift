import FoundationEssentials

/// The control group that the process is in, as containers have one.
enum ControlGroup {
    /// How many more processes and threads there may be; `nil` if there is no limit, or none to be seen.
    static var processHeadroom: Int? {
        directories("pids").compactMap { directory in
            number(in: "\(directory)/pids.max").map { $0 - (number(in: "\(directory)/pids.current") ?? 0) }
        }.min()
    }

    /// How many processors the group may keep busy, rounded down; `nil` if there is no limit, or none to be seen.
    static var processors: Int? {
        directories("cpu").compactMap { directory -> Int? in
            if let limit = words(in: "\(directory)/cpu.max") {
                return processors(quota: limit.first, period: limit.last)
            }
            return processors(
                quota: words(in: "\(directory)/cpu.cfs_quota_us")?.first,
                period: words(in: "\(directory)/cpu.cfs_period_us")?.first
            )
        }.min()
    }

    /// How many processors a share of the time of each period amounts to: of `max` and `100000`, for example.
    static func processors(quota: String?, period: String?) -> Int? {
        guard let quota = quota.flatMap({ Int($0) }), let period = period.flatMap({ Int($0) }), quota > 0, period > 0
        else { return nil }
        return max(1, quota / period)
    }

    /// How much memory the group may use, in bytes; `nil` if there is no limit, or none to be seen.
    static var memory: Int? {
        directories("memory").compactMap { directory in
            number(in: "\(directory)/memory.max") ?? number(in: "\(directory)/memory.limit_in_bytes")
        }.min()
    }

    private static func number(in file: String) -> Int? { words(in: file)?.first.flatMap { Int($0) } }

    private static func words(in file: String) -> [String]? {
        let text = try? String(contentsOfFile: file, encoding: .utf8)
        return text?.split { $0.isWhitespace }.map(String.init)
    }

    /// Where the limits of a controller may stand for this process.
    private static func directories(_ controller: String) -> [String] {
        directories((try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? "", of: controller)
    }

    /// Where the limits may stand, for a process in these groups: lines of `number:controllers:path`, as of cgroups(7).
    static func directories(_ groups: String, of controller: String) -> [String] {
        let ofProcess = groups.split(separator: "\n").flatMap { line -> [String] in
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { return [] }
            let root: String
            if fields[1].isEmpty {
                root = "/sys/fs/cgroup"
            } else if fields[1].split(separator: ",").contains(Substring(controller)) {
                root = "/sys/fs/cgroup/\(controller)"
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
