internal import Crypto
internal import FoundationEssentials
internal import X509

/// The certificate of one side, and the private key with which it proves that the certificate is its own.
struct RunCredential: Sendable {
    /// In PEM.
    let certificate: String
    /// In PEM.
    let key: PrivateText

    /// Creates a key, and a certificate that is signed with it.
    ///
    /// The other side compares the certificate with the one that it knows. So it needs no authority, and neither its
    /// name nor its dates matter: the clocks of machines may differ.
    ///
    /// - Parameter name: What the certificate is called, for those who look at it.
    init(name: String) throws {
        let key = P256.Signing.PrivateKey()
        let signer = Certificate.PrivateKey(key)
        let name = try DistinguishedName { CommonName(name) }
        let now = Date()
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: signer.publicKey,
            notValidBefore: now.addingTimeInterval(-86_400),
            notValidAfter: now.addingTimeInterval(10 * 365 * 86_400),
            issuer: name,
            subject: name,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
            },
            issuerPrivateKey: signer
        )
        self.certificate = try certificate.serializeAsPEM().pemString
        self.key = PrivateText(key.pemRepresentation)
    }
}
