package pipeline.run;

import org.apache.camel.Exchange;
import org.apache.camel.ExchangeExtension;
import org.apache.camel.Processor;

/**
 * Lets the calling routes go on after a dead-letter channel has dealt with a failure: takes away the marks that it leaves
 * on the exchange, with which Camel runs no further step ({@code PipelineHelper.continueProcessing} of Camel 4.17).
 */
final class FreshStart implements Processor {
    @Override
    public void process(Exchange exchange) {
        ExchangeExtension marks = exchange.getExchangeExtension();
        marks.setRedeliveryExhausted(false);
        marks.setFailureHandled(false);
        marks.setErrorHandlerHandled(null);
    }
}
