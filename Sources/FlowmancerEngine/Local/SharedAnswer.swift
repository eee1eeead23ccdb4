import FlowmancerCore

/// The answer to what a task wants of the shared dictionary.
enum SharedAnswer {
    case result(SharedDictReply)
    /// It cannot be done, for this reason.
    case refused(String)
}
