public import Flowmancer
import Glibc

/// The program that is killed: it is the campaign's own, started with a marker in its environment.
public enum CampaignVictim: FlowmancerApp {
    /// Whether this process is to be the victim or one of its workers.
    public static var isRequested: Bool { getenv(Victim.markerVariable) != nil }
}
