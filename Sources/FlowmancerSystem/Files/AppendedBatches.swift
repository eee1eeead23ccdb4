import Glibc
package import SystemPackage

/// The end of a file to which batches of bytes are appended: all of a batch, or nothing of it.
package struct AppendedBatches: Sendable {
    /// The file's length after the last complete batch.
    package private(set) var length: Int
    /// Whether the rest of an incomplete batch could not be removed yet.
    private var hasIncompleteTail = false

    /// - Parameter length: The present length of the file.
    package init(length: Int) {
        self.length = length
    }

    /// Appends a batch, in one write.
    ///
    /// - Throws: Why the system did not take all of it. What it took is removed, now or before the next batch, which is
    ///   refused until then.
    package mutating func append(_ batch: [UInt8], to file: OwnedDescriptor) throws(Errno) {
        if hasIncompleteTail { try removeIncompleteTail(of: file) }
        let (count, reason) = batch.withUnsafeBytes(file.write)
        guard let reason else {
            length += count
            return
        }
        if count > 0 {
            hasIncompleteTail = true
            try? removeIncompleteTail(of: file)
        }
        throw reason
    }

    private mutating func removeIncompleteTail(of file: OwnedDescriptor) throws(Errno) {
        guard ftruncate(file.rawValue, off_t(length)) == 0 else { throw .current }
        hasIncompleteTail = false
    }
}
