import FlowmancerCore
import FlowmancerSystem
import Glibc

/// Starts workers on this machine, as processes of this program: by the keeper. Used on the event loop only.
final class LocalWorkerSource: WorkerSource {
    let offers = [
        WorkerOffer(runtime: .swift, canHold: true, startLimit: .seconds(20)),
        WorkerOffer(runtime: .command, canHold: true, startLimit: .seconds(20), isLight: true),
    ]
    unowned var observer: (any WorkerObserver)!

    let loop: EventLoop
    let messages: any AttemptBriefing
    let masker: SecretMasker?
    private let earlyKeeper: EarlyKeeper?
    private var keeper: Keeper?
    /// By the numbers by which the keeper knows the workers; none is used twice.
    private var links: [UInt32: LocalWorkerLink] = [:]
    private var lastNumber: UInt32 = 0

    /// Creates a source.
    ///
    /// - Parameters:
    ///   - messages: What workers are told about attempts.
    ///   - masker: Masks what workers print.
    init(_ messages: any AttemptBriefing, earlyKeeper: EarlyKeeper?, masker: SecretMasker?, on loop: EventLoop) {
        self.loop = loop
        self.messages = messages
        self.masker = masker
        self.earlyKeeper = earlyKeeper
        _ = OpenFileLimit.original
    }

    func open() throws(SystemError) {
        _ = try openedKeeper()
    }

    func start(_ worker: Int, runtime: TaskRuntime, isHolder: Bool) throws(SystemError) -> any WorkerLink {
        let keeper = try openedKeeper()
        let descriptors = try WorkerDescriptors(
            turns: isHolder ? 2 : 1,
            below: links.isEmpty ? .max : OpenFileLimit.reserved
        )
        lastNumber += 1
        let link: any LocalWorkerLink & WorkerLink =
            switch runtime {
            case .swift: SwiftWorkerLink(worker, number: lastNumber, descriptors, of: self)
            case .command: CommandLink(worker, number: lastNumber, descriptors, of: self)
            }
        links[lastNumber] = link
        keeper.startWorker(lastNumber, runtime, descriptors: descriptors.remote)
        return link
    }

    /// Ends a worker with everything that it started.
    func kill(_ number: UInt32) { keeper?.killWorker(number) }

    /// Forgets a worker that was closed.
    func release(_ number: UInt32) { links[number] = nil }

    func shutDown() {
        keeper?.shutDown()
        for link in links.values { link.close() }
    }

    private func openedKeeper() throws(SystemError) -> Keeper {
        if let keeper { return keeper }
        let process = if let early = earlyKeeper?.take() { early } else { try KeeperProcess() }
        let keeper = Keeper(process, on: loop) { [unowned self] in handle($0) }
        self.keeper = keeper
        if !messages.needProgram { keeper.endZygote() }
        return keeper
    }

    private func handle(_ report: Keeper.Report) {
        switch report {
        case .started(let number, let pid): links[number]?.noteStart(pid)
        case .refused(let number, let error): links[number]?.tell(.refused(error))
        case .ended(let number, let end): links[number]?.noteEnd(end)
        case .lost(let end):
            keeper = nil
            let lost = links.sorted { $0.key < $1.key }
            observer.sourceDidLoseWorkers(end)
            // The run may have ended over this.
            for (number, link) in lost where links[number] != nil { link.noteEnd(.killed(signal: SIGKILL)) }
        }
    }
}
