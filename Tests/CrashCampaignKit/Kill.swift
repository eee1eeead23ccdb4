/// When an engine is killed.
package enum Kill: Sendable, Hashable, CustomStringConvertible {
    case never
    case afterMilliseconds(Int)
    /// When the tasks have written so much into the side file.
    case atSideSize(Int)
    /// When it passes a fault point for the n-th time.
    case fault(String, count: Int)

    package var description: String {
        switch self {
        case .never: "not killed"
        case .afterMilliseconds(let time): "killed after \(time) ms"
        case .atSideSize(let size): "killed when the side file had \(size) bytes"
        case .fault(let name, let count): "killed at \(name):\(count)"
        }
    }
}
