import FlowmancerCore
import FlowmancerSystem
import SystemPackage

/// Reads the files of jobs within a job.
struct SubJobFiles {
    private let context: JobLoadingContext
    private let syntax: SourceSyntax
    private(set) var fileNames: [String]
    private(set) var issues: [JobIssue] = []
    /// Whether every file could be used.
    private(set) var isComplete = true
    /// What each file says, for those who explain values.
    private let keepsLayers: Bool
    /// How many jobs were read.
    private var count = 0
    /// The job files from that of the whole job to the one that is being decoded.
    private var chain: [(identity: FileIdentity?, name: String)]

    /// How deeply jobs may contain each other, and how many there may be.
    static let maximumDepth = 20
    private static let maximumCount = 10_000

    /// The merged files of a job.
    struct Reading {
        let root: SourceNode
        let mentioned: Set<String>
        let layers: [JobLayer]
    }

    /// - Parameter jobFile: The file of the whole job.
    init(
        context: JobLoadingContext,
        syntax: SourceSyntax,
        fileNames: [String],
        jobFile: (identity: FileIdentity?, name: String),
        keepsLayers: Bool
    ) {
        self.context = context
        self.syntax = syntax
        self.fileNames = fileNames
        self.keepsLayers = keepsLayers
        chain = [jobFile]
    }

    /// Why a file cannot be read.
    enum Refusal: Error {
        case problem(JobIssue.Problem)
        /// What is wrong was recorded.
        case recorded
    }

    /// Reads a job file and what it includes; ``leave()`` has to follow when its tasks are decoded.
    mutating func enter(_ name: String, scope: VariableScope) throws(Refusal) -> Reading {
        let path = FilePath(context.appRoot).pushing(FilePath(name)).lexicallyNormalized()
        let opened: OpenFile
        do {
            opened = try OpenFile(path, kind: .regular)
        } catch let error as Errno {
            let hint = "paths in 'job' start from the app root, \(context.appRoot)"
            throw .problem(.unreadableFile(name, reason: "\(error); \(hint)"))
        } catch {
            let reason = "it is a pipe, a socket or a device; name a regular file"
            throw .problem(.unreadableFile(name, reason: reason))
        }
        if let start = chain.firstIndex(where: { $0.identity == opened.identity }) {
            opened.close()
            throw .problem(.subJobCycle(chain[start...].map(\.name) + [name]))
        }
        count += 1
        guard chain.count <= Self.maximumDepth, count <= Self.maximumCount else {
            opened.close()
            throw .problem(
                .limitExceeded(
                    chain.count > Self.maximumDepth
                        ? "jobs contain each other more than \(Self.maximumDepth) levels deep"
                        : "the job contains more than \(Self.maximumCount) others"
                )
            )
        }
        let identity = opened.identity
        var loader = JobFileLoader(context: context, scope: scope, fileNames: fileNames, keepsLayers: keepsLayers)
        let reading = loader.readSubJob(opened, name, syntax: syntax.syntax(ofIncluded: name))
        fileNames = loader.namesOfFiles
        issues += reading.issues
        isComplete = isComplete && reading.isComplete
        guard let root = reading.root else { throw .recorded }
        chain.append((identity, name))
        return Reading(root: root, mentioned: reading.mentioned, layers: reading.layers)
    }

    mutating func leave() { chain.removeLast() }
}
