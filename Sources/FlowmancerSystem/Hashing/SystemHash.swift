package import FlowmancerCore
import Glibc

/// SHA-256 of the system's libcrypto.
///
/// The library is loaded when it is first needed: programs need it neither to be built nor to start, and only few jobs hash
/// anything.
package struct SystemHash: Sendable {
    private typealias Context = UnsafeMutableRawPointer
    private typealias Initialise = @convention(c) (Context) -> Int32
    private typealias Update = @convention(c) (Context, UnsafeRawPointer?, Int) -> Int32
    private typealias Finish = @convention(c) (UnsafeMutablePointer<UInt8>, Context) -> Int32

    /// Why there is none, in words.
    package struct Absence: Error, CustomStringConvertible {
        package let description: String
    }

    /// The functions, or why there are none. The process has them from the first use to its end.
    package static let system = Result<SystemHash, Absence> { () throws(Absence) in try SystemHash() }

    /// The names of the library, the newest first. Their functions for SHA-256 are the same.
    private static let names = ["libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.so"]
    /// More than any version needs for the state of a digest: all have 112 bytes.
    private static let contextSize = 256

    private let initialise: Initialise
    private let update: Update
    private let finish: Finish

    private init() throws(Absence) {
        guard let library = Self.names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first else {
            throw Absence(
                description: "the system has no libcrypto, which hashes the contents of files; install OpenSSL "
                    + "(Debian's package is libssl3)"
            )
        }
        guard let initialise = dlsym(library, "SHA256_Init"), let update = dlsym(library, "SHA256_Update"),
            let finish = dlsym(library, "SHA256_Final")
        else { throw Absence(description: "the system's libcrypto has no SHA-256") }
        self.initialise = unsafeBitCast(initialise, to: Initialise.self)
        self.update = unsafeBitCast(update, to: Update.self)
        self.finish = unsafeBitCast(finish, to: Finish.self)
    }

    /// A digest that is being made.
    package final class Digest {
        private let hash: SystemHash
        private let context = UnsafeMutableRawPointer.allocate(byteCount: SystemHash.contextSize, alignment: 16)

        fileprivate init(_ hash: SystemHash) {
            self.hash = hash
            _ = hash.initialise(context)
        }

        deinit { context.deallocate() }

        package func update(_ bytes: UnsafeRawBufferPointer) {
            guard !bytes.isEmpty else { return }
            _ = hash.update(context, bytes.baseAddress, bytes.count)
        }

        package func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

        /// Ends it: it is used once.
        package func finish() -> ContentDigest { ContentDigest(finishedBytes()) }

        fileprivate func finishedBytes() -> [UInt8] {
            [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
                if let start = buffer.baseAddress { _ = hash.finish(start, context) }
                count = 32
            }
        }
    }

    /// Begins a digest.
    package func begin() -> Digest { Digest(self) }

    /// Returns the digest of bytes that only the holder of a key can make: HMAC (RFC 2104).
    package func authenticate(_ bytes: [UInt8], key: [UInt8]) -> ContentDigest {
        // Keys here have half the length of a block.
        let block = key + [UInt8](repeating: 0, count: max(0, 64 - key.count))
        let inner = begin()
        inner.update(block.map { $0 ^ 0x36 })
        inner.update(bytes)
        let outer = begin()
        outer.update(block.map { $0 ^ 0x5C })
        outer.update(inner.finishedBytes())
        return outer.finish()
    }
}
