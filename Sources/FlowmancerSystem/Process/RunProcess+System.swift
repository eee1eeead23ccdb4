package import FlowmancerCore
import Glibc

extension RunProcess {
    /// This process; `nil` if the system does not say enough of it.
    package static let current: RunProcess? = {
        guard let bootID = ownBootID, let ticks = startTicks(of: Int(getpid())) else { return nil }
        return RunProcess(number: Int(getpid()), startTicks: ticks, bootID: bootID)
    }()

    /// Whether the process is alive, as far as that can be seen from here.
    ///
    /// - Parameter host: The machine that it ran on.
    package func life(on host: String, seenFrom here: String) -> ProcessLife {
        switch start(on: host, seenFrom: here) {
        case .thisOne: Self.startTicks(of: number) == startTicks ? .alive : .gone
        case .anEarlierOne: .gone
        case .notKnown: .notKnown
        }
    }

    /// During which start of this machine the process ran.
    enum MachineStart {
        case thisOne, anEarlierOne
        /// It ran on another machine, or this one does not say.
        case notKnown
    }

    func start(on host: String, seenFrom here: String) -> MachineStart {
        guard let own = Self.ownBootID else { return .notKnown }
        if bootID == own { return .thisOne }
        return host == here ? .anEarlierOne : .notKnown
    }

    /// The id that the machine drew when it started.
    private static let ownBootID: String? = {
        let text = try? OwnedDescriptor("/proc/sys/kernel/random/boot_id", O_RDONLY).read(upTo: 64)
        guard let text, !text.isEmpty else { return nil }
        return String(decoding: text.prefix { $0 > 0x20 }, as: UTF8.self)
    }()

    /// When a process started; `nil` if there is none, or if it has ended and nobody has asked how.
    static func startTicks(of process: Int) -> Int? {
        guard let bytes = try? OwnedDescriptor("/proc/\(process)/stat", O_RDONLY).read(upTo: 4_096),
            // The name in parentheses before it may contain anything.
            let end = bytes.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 19, let state = fields.first?.first, state != UInt8(ascii: "Z"), state != UInt8(ascii: "X")
        else { return nil }
        return Int(String(decoding: fields[19], as: UTF8.self))
    }
}
