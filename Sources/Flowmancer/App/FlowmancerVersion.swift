/// The version of Flowmancer itself.
package enum FlowmancerVersion {
    /// That of the newest section of the changelog, or of the release to come.
    package static let current = "0.1.0-dev"
}
