import FlowmancerCore

/// The script that Slurm runs on a node: it becomes the pilot.
struct PilotScript: Hashable {
    /// The directory in which the pilot runs.
    var root: String
    var program: String
    /// What follows on the program, without the invitation.
    var arguments: [String]
    /// The path of the invitation.
    var invitation: String
    /// Lines of bash that come first.
    var setup: [String] = []

    /// A text of the script's that is not the pilot's: the system has no words with a zero.
    var hasZero: Bool { ([root, program, invitation] + arguments + setup).contains { $0.utf8.contains(0) } }

    /// The script. It has no secrets: Slurm keeps it, and shows it to operators.
    var text: String {
        let isShared =
            "the app root must be in a file system that the engine's machine and this node share, with one path"
        let enter =
            "cd -- \(quoted(root)) || flowmancer_fail \(quoted("cannot enter the app root '\(root.printable)': \(isShared)"))"
        let program = quoted(program)
        let isMissing = quoted("there is no program '\(self.program.printable)' that can be executed: \(isShared)")
        var lines = [
            "#!/bin/bash",
            "# Becomes a pilot of Flowmancer.",
            #"flowmancer_fail() { printf '%s: %s\n' "${SLURMD_NODENAME:-$HOSTNAME}" "$1" >&2; exit 1; }"#,
            enter,
        ]
        for (index, item) in setup.enumerated() {
            let failure = quoted("item \(index + 1) of 'setup' failed with exit code ")
            lines += [
                // Such a line end makes sbatch refuse the script.
                item.replacingScalars { $0 == "\r" ? "" : nil },
                "flowmancer_code=$?; [ $flowmancer_code = 0 ] || flowmancer_fail \(failure)$flowmancer_code",
            ]
        }
        if !setup.isEmpty { lines.append(enter) }
        lines += [
            "[ -f \(program) ] && [ -x \(program) ] || flowmancer_fail \(isMissing)",
            // In place of the shell: so Slurm's signals reach the pilot.
            (["exec", program] + arguments.map(quoted) + [quoted(invitation)]).joined(separator: " "),
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private func quoted(_ text: String) -> String { ShellWord.quoted(text) }
}
