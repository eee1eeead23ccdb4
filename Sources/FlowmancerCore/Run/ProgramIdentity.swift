/// Which program runs a job.
package struct ProgramIdentity: Sendable, Hashable {
    /// Its path, as it was started.
    package var path: String
    /// Its version; `nil` if it has none.
    package var version: String?
    /// The version of Flowmancer in it.
    package var flowmancerVersion: String

    package init(path: String = "", version: String? = nil, flowmancerVersion: String = "") {
        self.path = path
        self.version = version
        self.flowmancerVersion = flowmancerVersion
    }
}
