import Flowmancer
import Glibc

/// Fails with an error of some type.
struct FailWith: FlowTask {
    enum Kind: String {
        case plain, nested, hidden, permanent
    }

    @Parameter var error: Kind
    /// Whether what follows on the failure is a permanent one.
    @Parameter var givesUpAfterwards = false

    func run() async throws {
        switch error {
        case .plain: throw Failure(description: "as intended")
        case .nested: throw Network.Unreachable()
        case .hidden: throw Hidden()
        case .permanent: throw BadInput()
        }
    }

    func onFailure() async throws { if givesUpAfterwards { throw BadInput() } }
}

struct BadInput: PermanentFailure, CustomStringConvertible {
    var description: String { "the input is bad" }
}

enum Network {
    struct Unreachable: Error {}
}

private struct Hidden: Error {}
