/// Why a run could not go on, or not begin, though its job is valid.
package struct RunFailure: Error, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
