import FlowmancerCluster
import FlowmancerEngine
import Foundation
import Glibc

/// The process that stands for many pilots.
final class PilotSimulation: Sendable {
    private let invitation: PilotInvitation
    private let pilots: ClosedRange<Int>
    private let processors: Int
    private let taskTime: Duration
    /// All pilots are used on it only.
    private let queue = DispatchQueue(label: "simulation")

    /// How often what was said is sent, and the ends of tasks are looked for.
    private static let tick = DispatchTimeInterval.milliseconds(1)

    init(invitation: PilotInvitation) throws {
        func number(_ name: String) -> [Int] {
            let text = ProcessInfo.processInfo.environment[name] ?? ""
            return text.split(separator: "-").compactMap { Int(Double($0) ?? 0) }
        }
        let bounds = number("FLOWMANCER_SIMULATED_PILOTS")
        self.invitation = invitation
        pilots = (bounds.first ?? 1)...(bounds.last ?? 1)
        processors = number("FLOWMANCER_SIMULATED_CPUS").first ?? 1
        taskTime = .milliseconds(number(SimulatedNodes.timeVariable).first ?? 0)
    }

    /// Simulates until all pilots were told to end, and ends the process.
    func run() throws -> Never {
        signal(SIGPIPE, SIG_IGN)
        let program = try ProgramBuild.current()
        let simulated = pilots.map { number in
            SimulatedPilot(number, program: program, processors: processors, taskTime: taskTime, on: queue)
        }
        Task { [invitation, queue] in
            for index in simulated.indices {
                do {
                    let connection = try await invitation.connect()
                    queue.async { simulated[index].begin(connection) }
                } catch {
                    print("pilot \(index + 1) cannot connect: \(error)")
                    exit(1)
                }
            }
        }
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.setEventHandler {
            for pilot in simulated { pilot.proceed() }
            if simulated.allSatisfy(\.isOver) {
                self.report(simulated)
                exit(0)
            }
        }
        timer.schedule(deadline: .now(), repeating: Self.tick)
        timer.activate()
        while true { pause() }
    }

    /// Says how well the machines were used.
    private func report(_ pilots: [SimulatedPilot]) {
        guard let first = pilots.compactMap(\.first).min(), let last = pilots.compactMap(\.last).max() else { return }
        let count = pilots.reduce(0) { $0 + $1.count }
        let possible = (last - first) * (pilots.count * processors)
        let share = 100 * (taskTime * count / possible)
        let seconds = (last - first) / .seconds(1)
        print("\(count) tasks in \(seconds) s; the processors were busy for \(share) % of the time")
    }
}
