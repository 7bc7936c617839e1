package pipeline.run;

import org.apache.camel.Exchange;
import org.apache.camel.ExchangeExtension;
import org.apache.camel.Processor;

/**
 * Lets a route go on after a dead-letter channel has dealt with a failure. Camel marks such an exchange, and no further
 * step of any calling route would run ({@code PipelineHelper.continueProcessing} of Camel 4.17).
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
