package import Foundation

/// Looks again and again until something is so; gives up only after a limit that no healthy run reaches.
@discardableResult
package func waitUntil(_ condition: () -> Bool, limit: TimeInterval = 60) -> Bool {
    let deadline = Date().addingTimeInterval(limit)
    while !condition() {
        if Date() > deadline { return false }
        usleep(2_000)
    }
    return true
}

/// Whether a process lives; one that is dead but not yet waited for does not.
package func isAlive(_ pid: Int32) -> Bool {
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
        let end = stat.lastIndex(of: ")")
    else { return false }
    return !stat[end...].dropFirst(2).hasPrefix("Z")
}
