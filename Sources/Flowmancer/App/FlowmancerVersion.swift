/// The version of Flowmancer itself.
enum FlowmancerVersion {
    /// That of the newest section of the changelog, or of the release to come.
    static let current = "0.1.0-dev"
}
