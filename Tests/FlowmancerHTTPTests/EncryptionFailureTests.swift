import NIOSSL
import Testing

@testable import FlowmancerHTTP

@Suite struct EncryptionFailureTests {
    @Test func errorsOfTheLibraryAreSortedByWhatPeopleCanDo() {
        let interrupted = NIOSSLError.handshakeFailed(.sslError([.eofDuringHandshake]))
        #expect(EncryptionFailure(interrupted) == .interrupted)
        #expect(EncryptionFailure(NIOSSLExtraError.failedToValidateHostname) == .wrongName)
        #expect(EncryptionFailure(CancellationError()) == nil)
        #expect(EncryptionFailure(reason: "CERTIFICATE_VERIFY_FAILED") == .untrusted)
        #expect(EncryptionFailure(reason: "WRONG_VERSION_NUMBER") == .noTLS)
        #expect(EncryptionFailure(reason: "UNSUPPORTED_PROTOCOL").text == "UNSUPPORTED_PROTOCOL")
    }

    @Test func ofALibrarysTextOnlyTheReasonIsTaken() {
        let text =
            "Error: 268435581 error:1000007d:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED at /A_B/ssl/handshake.cc:393"
        #expect(EncryptionFailure.reason(in: text) == "CERTIFICATE_VERIFY_FAILED")
        #expect(EncryptionFailure.reason(in: "Error:  EOF during handshake") == nil)
    }

    @Test func noErrorIsShownAsTheLibraryWritesIt() {
        let error = NIOSSLError.handshakeFailed(.unknownError([.eofDuringHandshake]))
        #expect(ConnectionFailure.text(of: error) == "the encryption failed")
        #expect(ConnectionFailure.text(of: CancellationError()) == "the connection failed (CancellationError)")
    }
}
