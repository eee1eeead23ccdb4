internal import FlowmancerCore

/// What an invitation says.
struct InvitationContents: Codable, Sendable {
    /// The version of the format that this program writes, and the greatest that it reads.
    static let currentVersion = 1

    var version = Self.currentVersion
    /// The addresses of the engine's machine, in the order in which they are tried.
    var hosts: [String]
    var port: Int
    var engineCertificate: String
    var pilotCertificate: String
    var pilotKey: PrivateText
    var site: Site

    /// What every version has.
    struct Version: Decodable {
        var version: Int
    }

    struct Site: Codable, Sendable {
        var run: RunID
        var job: String
        var executor: String
        var program: String
        var arguments: [String]
        var root: String
        var directory: String
        /// In milliseconds.
        var lease: Int64

        init(_ site: PilotSite) {
            (run, job, executor) = (site.run, site.job, site.executor)
            (program, arguments) = (site.program, site.arguments)
            (root, directory) = (site.root, site.directory)
            lease = Int64(site.lease / .milliseconds(1))
        }

        var site: PilotSite {
            PilotSite(
                run: run,
                job: job,
                executor: executor,
                program: program,
                arguments: arguments,
                root: root,
                directory: directory,
                lease: .milliseconds(lease)
            )
        }
    }
}
