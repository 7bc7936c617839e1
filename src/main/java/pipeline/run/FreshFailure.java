package pipeline.run;

import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;

/**
 * Passes a failure on as if it had just happened. When an inner route's error handler has tried a step for the last
 * time, Camel marks the exchange as exhausted and handled, and every other error handler on the way lets it pass, a
 * dead-letter channel too ({@code RedeliveryErrorHandler.isDone} of Camel 4.17).
 */
final class FreshFailure implements Processor {
    @Override
    public void process(Exchange exchange) throws Exception {
        Exception failure = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Exception.class);
        exchange.removeProperty(ExchangePropertyKey.EXCEPTION_HANDLED);
        new FreshStart().process(exchange);
        throw failure;
    }
}
