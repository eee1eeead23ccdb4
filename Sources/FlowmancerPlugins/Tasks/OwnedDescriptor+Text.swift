import CFlowmancerSpawn
import SystemPackage

extension OwnedDescriptor {
    /// A file in memory from which a text can be read, however long it is, while nobody writes.
    convenience init(reading text: String) throws {
        var text = text
        let result = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { flowmancer_command_text($0.baseAddress, $0.count) }
        }
        guard result >= 0 else { throw ShellError.noStream(.current) }
        self.init(rawValue: result)
    }
}
