import Flowmancer

struct DataPipeline: FlowmancerApp {}

DataPipeline.main()
