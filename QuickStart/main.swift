import Flowmancer

struct QuickStart: FlowmancerApp {}

QuickStart.main()
