package import struct FoundationEssentials.Date
package import OrderedCollections

/// What a task published that completed. Secrets of the job are masked in it: it is there to be shown.
package struct OutputEvent: Sendable, Hashable {
    package let runID: RunID
    package let jobName: String
    package let taskName: String
    package let timestamp: Date
    /// The number of the attempt that published the values, from 1.
    package let attempt: Int
    /// The values by name, as JSON.
    package let values: OrderedDictionary<String, JSONText>

    package init(
        runID: RunID,
        jobName: String,
        taskName: String,
        timestamp: Date,
        attempt: Int,
        values: OrderedDictionary<String, JSONText>
    ) {
        self.runID = runID
        self.jobName = jobName
        self.taskName = taskName
        self.timestamp = timestamp
        self.attempt = attempt
        self.values = values
    }
}

extension TaskOutputs {
    /// The values as they may be shown.
    ///
    /// - Parameter mask: Masks the secrets in a text.
    package func masked(_ mask: (String) -> String) -> OrderedDictionary<String, JSONText> {
        values.mapValues { $0.masked(mask) }
    }
}

extension JSONText {
    /// The value as it may be shown.
    ///
    /// - Parameter mask: Masks the secrets in a text.
    func masked(_ mask: (String) -> String) -> JSONText {
        let masked = mask(rawValue)
        guard masked != rawValue else { return self }
        // A number in which something was masked is no JSON any more.
        let isJSON = JSONScanner.isValue(Array(masked.utf8))
        return isJSON ? JSONText(rawValue: masked) : ParameterValue.string(SecretText.mask).json
    }
}
