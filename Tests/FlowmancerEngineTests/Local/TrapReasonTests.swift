import Testing

@testable import FlowmancerEngine

@Suite struct TrapReasonTests {
    private func reason(of lines: String...) -> String? {
        var reason = TrapReason()
        for line in lines { Array(line.utf8).withUnsafeBytes { reason.note($0) } }
        return reason.text
    }

    @Test func whatTheProgramStatesIsTheReason() {
        let stated = "app/main.swift:3: Fatal error: Index out of range"
        #expect(reason(of: "hello", stated, "*** Program crashed: Illegal instruction at 0x1 ***", "frames") == stated)
        #expect(reason(of: "app/main.swift:3: Precondition failed: x") == "app/main.swift:3: Precondition failed: x")
    }

    @Test func otherwiseTheCrashIs() {
        let crash = "*** Program crashed: Bad pointer dereference at 0x8 ***"
        #expect(reason(of: "", crash, "frames") == "Program crashed: Bad pointer dereference at 0x8")
    }

    @Test func otherLinesAreNone() {
        #expect(reason(of: "hello", "", "Error: no") == nil)
    }
}
