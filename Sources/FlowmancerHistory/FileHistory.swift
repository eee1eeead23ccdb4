public import FlowmancerCore
import FlowmancerSystem
import SystemPackage

/// Keeps runs in files.
///
/// There is a directory for each job, with a file for each run. Events are appended to it while the run goes on, at most a
/// tenth of a second after they happened. A killed process loses no more than that, and a power failure nothing of a run
/// that has ended. Every line has a checksum.
///
/// Only the user can read the files. Any number of runs and readers use them at the same time.
///
/// ```yaml
/// history:
///   history: FileHistory
///   parameters:
///     keep_runs: 200
/// ```
public struct FileHistory: FlowHistory {
    public static let abstract = "Keeps runs in files."

    /// The directory for runs, with a directory for each job.
    @Parameter("The directory for runs, with a directory for each job.")
    public var historyDir = "./.flowmancer/runs"

    /// How many runs of each job are kept. A negative number keeps all of them.
    @Parameter("How many runs of each job are kept; a negative number keeps all of them.")
    public var keepRuns = 50

    /// Creates a history with default parameters.
    public init() {}

    private var files: RunFiles { RunFiles(root: historyDir) }

    /// Creates the file of a run, and removes those of the oldest runs of the job if there are too many.
    public func beginRun(_ run: RunRecord, _ shape: RunShape) async throws -> (any RunRecorder)? {
        let directory = try files.makeDirectory(of: run.jobName)
        let place = RunFiles.Place(job: FileName.encode(run.jobName), id: run.id.description)
        let writer = try RunFileWriter.create(run, shape, in: directory, path: files.path(of: place))
        if keepRuns >= 0 { files.removeOldRuns(in: directory, keeping: keepRuns) }
        return writer
    }

    /// Returns runs, the newest first. Of each one, only the beginning and the end of its file are read.
    public func runs(_ query: RunQuery) async throws -> RunPage {
        var page = RunPage()
        let before = query.before?.description
        let places = try files.places(job: query.job).filter { place in
            before.map { place.id < $0 } ?? true && query.idPart.map(place.id.contains) ?? true
        }
        for place in places.sorted(by: { $0.id > $1.id }) {
            let path = files.path(of: place)
            do {
                let file = try RunFile(path)
                // Of most runs that are not asked for, the last line alone shows that.
                if let states = query.states, try file.endsOutside(states) { continue }
                let (run, damage) = try file.run()
                guard run.record.id.description == place.id else { throw RunFile.Damage.foreign }
                guard query.admits(run) else { continue }
                if page.runs.count == query.limit {
                    page.next = page.runs.last?.record.id
                    break
                }
                page.runs.append(run)
                if let damage { page.problems.append(HistoryProblem(place: path, reason: damage.words)) }
            } catch let damage as RunFile.Damage {
                page.problems.append(HistoryProblem(place: path, reason: damage.words))
            } catch Errno.noSuchFileOrDirectory {
                // A run that began meanwhile has removed it.
            } catch {
                page.problems.append(HistoryProblem(place: path, reason: "cannot be read: \(error.inWords)"))
            }
        }
        return page
    }

    /// Opens the file of a run.
    public func openRun(_ id: RunID, after number: Int) async throws -> (any RunReader)? {
        guard let place = try files.place(of: id) else { return nil }
        let path = files.path(of: place)
        do {
            let file = try RunFile(path)
            guard try file.record().id == id else { throw RunFile.Damage.foreign }
            return RunFileReader(file, path: path, after: number)
        } catch Errno.noSuchFileOrDirectory {
            return nil
        } catch let damage as RunFile.Damage {
            throw HistoryError(HistoryProblem(place: path, reason: damage.words))
        } catch let reason as Errno {
            throw FileError("read the run", path, reason, setting: "history_dir")
        }
    }

    /// Removes the file of a run.
    public func removeRun(_ id: RunID) async throws {
        guard let place = try files.place(of: id) else { return }
        let path = files.path(of: place)
        guard let file = try? RunFile(path) else { return }
        guard file.isOver else { throw RunUnderWayError(id) }
        guard FileSystem.unlink(path) != 0, Errno.current != .noSuchFileOrDirectory else { return }
        throw FileError("remove the run", path, .current, setting: "history_dir")
    }
}
