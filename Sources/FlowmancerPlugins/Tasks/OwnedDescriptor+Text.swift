import CFlowmancerSpawn
import FlowmancerCore
import SystemPackage

extension OwnedDescriptor {
    /// A file in memory from which a text can be read, however long it is, while nobody writes.
    convenience init(reading text: String) throws {
        let result = text.systemBytes.withUnsafeBytes { bytes in
            flowmancer_command_text(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        guard result >= 0 else { throw ShellError.noStream(.current) }
        self.init(rawValue: result)
    }
}
