import FlowmancerCore
import Glibc

/// The name of this machine.
enum HostName {
    static var current: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "" }
        return String(systemText: buffer)
    }
}
