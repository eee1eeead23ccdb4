import FlowmancerCore
import Glibc
package import NIOSSL

/// A PEM file with additional certificate authorities to trust.
package enum AuthorityFile {
    /// Why a file cannot be used.
    package struct Failure: Error, Sendable, Hashable {
        package let file: String
        package let reason: String

        /// The failure in words, with what to do about it.
        package var text: String {
            "the file '\(file.printable)' \(reason); set 'ca_file' to a PEM file with certificates"
        }
    }

    /// Returns how connections to servers are encrypted.
    ///
    /// - Parameter file: The file, if there is one.
    package static func configuration(trusting file: String?) throws(Failure) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let file { configuration.additionalTrustRoots = [.certificates(try certificates(in: file))] }
        return configuration
    }

    private static func certificates(in file: String) throws(Failure) -> [NIOSSLCertificate] {
        guard access(file, R_OK) == 0 else {
            throw Failure(file: file, reason: "cannot be read: \(String(cString: strerror(errno)).lowercased())")
        }
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(file), !certificates.isEmpty else {
            throw Failure(file: file, reason: "contains no certificates")
        }
        return certificates
    }
}
