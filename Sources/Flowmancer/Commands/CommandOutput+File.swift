import FlowmancerSystem

extension CommandOutput {
    /// Saves what a command found in the file that the option `--output` names. Readers see the old contents or the new.
    static func save(_ bytes: [UInt8], to path: String) throws(UsageError) {
        do {
            try AtomicFile.write(bytes, to: path, createsDirectories: false, setting: "--output")
        } catch {
            throw UsageError(text: "\(error)")
        }
    }
}
