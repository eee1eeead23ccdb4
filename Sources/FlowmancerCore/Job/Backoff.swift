/// The pauses between the attempts of a task: `backoff` in a job file.
///
/// ```swift
/// task.backoff = Backoff(first: .seconds(1), factor: 2, max: .seconds(120), jitter: 0.5)
/// ```
/// Here the second attempt follows the first one after 1 to 1.5 s, the third one after 2 to 3 s, and so on. No pause is
/// longer than two minutes.
public struct Backoff: Sendable, Hashable {
    /// The pause before the second attempt.
    public var first: Duration
    private var course = Course.constant

    /// How pauses differ. It is apart, because the pauses of most tasks do not.
    private indirect enum Course: Sendable, Hashable {
        case constant
        case varying(Variation)
    }

    private struct Variation: Sendable, Hashable {
        var factor = 1.0
        var max: Duration?
        var jitter = 0.0
    }

    /// Creates a backoff. With the first argument alone, all pauses are equal.
    ///
    /// - Parameters:
    ///   - first: The pause before the second attempt.
    ///   - factor: How many times as long every further pause is; at least 1.
    ///   - max: The longest pause, at least as long as the first one; `nil` for no limit.
    ///   - jitter: By which part of itself a pause is made longer at most, at random; at least 0. 0.5 means up to one and a
    ///     half times as long.
    public init(first: Duration = .zero, factor: Double = 1, max: Duration? = nil, jitter: Double = 0) {
        self.first = first
        variation = Variation(factor: factor, max: max, jitter: jitter)
    }

    /// How many times as long every pause is as the one before; at least 1.
    public var factor: Double {
        get { variation.factor }
        set { variation.factor = newValue }
    }

    /// The longest pause; `nil` for no limit.
    public var max: Duration? {
        get { variation.max }
        set { variation.max = newValue }
    }

    /// By which part of itself a pause is made longer at most, at random; at least 0.
    public var jitter: Double {
        get { variation.jitter }
        set { variation.jitter = newValue }
    }

    private var variation: Variation {
        get { if case .varying(let variation) = course { variation } else { Variation() } }
        set { course = newValue == Variation() ? .constant : .varying(newValue) }
    }

    /// Whether pauses can differ, or are limited.
    var isVarying: Bool { course != .constant }

    /// Returns the pause that follows a failed attempt.
    ///
    /// - Parameter attempt: The number of the attempt, from 1.
    package func pause(after attempt: Int) -> RetryPause {
        guard case .varying(let variation) = course, first > .zero else { return .fixed(first) }
        let longest = Duration.longestSetting
        let limit = Swift.min(variation.max.map { $0 / .seconds(1) } ?? longest, longest)
        let shortest = first / .seconds(1) * Self.power(variation.factor, attempt - 1)
        guard shortest < limit else { return .fixed(Duration(nearestTo: limit)) }
        guard variation.jitter > 0 else { return .fixed(Duration(nearestTo: shortest)) }
        let upper = Swift.min(shortest * (1 + variation.jitter), longest)
        return .random(
            Duration(nearestTo: shortest)...Duration(nearestTo: upper),
            atMost: Duration(nearestTo: limit)
        )
    }

    private static func power(_ base: Double, _ exponent: Int) -> Double {
        var (result, square, rest) = (1.0, base, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= square }
            square *= square
            rest >>= 1
        }
        return result
    }
}

/// The pause before an attempt.
package enum RetryPause: Sendable, Hashable {
    case fixed(Duration)
    /// Chance decides between the bounds. What is longer than the limit is cut.
    case random(ClosedRange<Duration>, atMost: Duration)

    /// Returns the pause for a random number.
    ///
    /// - Parameter position: Where between the bounds it is, from 0 to 1.
    package func duration(at position: Double) -> Duration {
        switch self {
        case .fixed(let duration): duration
        case .random(let bounds, let limit):
            min(bounds.lowerBound + (bounds.upperBound - bounds.lowerBound) * position, limit)
        }
    }
}
