import FoundationEssentials

extension JobPlan.Step {
    /// The parameters of `Shell` for a step that is a command, in JSON.
    var commandParameters: String {
        let command = (try? JSONEncoder().encode(script)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return #"{"command": \#(command), "capture": "\#(JobPlan.doneKey(of: name))"}"#
    }

    /// Does as a shell what ``CampaignStep`` does. The number of the attempt is that of its beginnings in the side file. That
    /// it is restarted a command does not know.
    private var script: String {
        """
        run=$\(Victim.runVariable); side=$\(Victim.sideVariable)
        say() { printf '%s\\t\(name)\\t%b\\n' "$run" "$1" >> "$side"; }
        attempt=$(($(grep -c "^$run\t\(name)\tbegin" "$side") + 1))
        \(isDeaf ? "trap '' TERM" : ":")
        echo "mark=$run.\(name).$attempt" > "$FLOWMANCER_OUTPUT"
        say "begin\\t$attempt\\tfalse"
        \(seatCheck)
        \(children.map { "sh -c '\($0.script)' \(closingSeats) &" }.joined(separator: "\n"))
        line=0; while [ $line -lt \(lines) ]; do echo "line $line of \(name)" >&2; line=$((line + 1)); done
        sleep \(Double(pauseMilliseconds) / 1_000)
        if [ $attempt -le \(failures) ]; then say "end\\tfalse"; \(failure.script); fi
        say "intent\\t\(JobPlan.Write.set.rawValue)\\t\(JobPlan.doneKey(of: name))\\t$run.\(name).$attempt.0"
        say "end\\ttrue"
        echo "$run.\(name).$attempt.0"
        """
    }
}

extension JobPlan.Step {
    /// Locks the seats, which nobody else may have. The locks end with the command; what it leaves behind has none.
    private var seatCheck: String {
        guard seats > 0 else { return ":" }
        let locks = (0..<seats).map { number in
            """
            exec \(4 + number)> "$side.$run.$(echo "$FLOWMANCER_RESOURCE_SEAT" | cut -d, -f\(number + 1))"
            flock -n \(4 + number) || say "violation\\ta seat of $FLOWMANCER_RESOURCE_SEAT is taken"
            """
        }
        let count = "$(echo \"$FLOWMANCER_RESOURCE_SEAT\" | tr , '\\n' | grep -c .)"
        return "test \(count) = \(seats) || say \"violation\\tthe seats are not \(seats)\"\n"
            + locks.joined(separator: "\n")
    }

    private var closingSeats: String { (0..<seats).map { "\(4 + $0)>&-" }.joined(separator: " ") }
}

extension JobPlan.Failure {
    fileprivate var script: String {
        switch self {
        case .throws: "exit 1"
        case .exits: "exit 3"
        case .isKilled: "kill -9 $$"
        case .traps: "kill -ILL $$"
        }
    }
}

extension JobPlan.Child {
    /// What the process does, for a shell. It has no single quotes.
    var script: String {
        let sleep = "sleep 1$\(Victim.markerVariable)"
        return switch self {
        case .session: #"exec setsid sh -c "trap \"\" TERM HUP INT; exec \#(sleep)""#
        case .orphan: #"(trap "" HUP; \#(sleep)) & exit 0"#
        case .stopped: "kill -STOP $$; exec \(sleep)"
        case .bare: "exec env -i setsid \(sleep)"
        case .plain: "exec \(sleep)"
        }
    }
}
