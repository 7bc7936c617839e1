package pipeline.bench;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;

/** Camel Main with the pipeline's components and no route, started and stopped: what a start costs at the least. */
public final class EmptyCamel {
    private EmptyCamel() {}

    /** Prints when it has started, in milliseconds since 1970. */
    public static void main(String[] args) throws Exception {
        Main camel = new Main();
        camel.start();
        CamelContext context = camel.getCamelContext();
        for (String component : List.of(
                "aws2-s3",
                "aws2-ddb",
                "aws2-sqs",
                "aws2-sns",
                "bean",
                "bean-validator",
                "dataformat",
                "direct",
                "seda",
                "timer")) {
            context.getComponent(component);
        }
        context.resolveDataFormat("csv");
        System.out.println("started at " + System.currentTimeMillis());
        camel.stop();
    }
}
