package pipeline.bench;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.aws2.ddb.Ddb2Constants;
import org.apache.camel.component.aws2.s3.AWS2S3Constants;
import org.apache.camel.dataformat.csv.CsvDataFormat;
import org.apache.camel.main.Main;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.S3Client;

/** The route that comes to mind first: split the file, and write each row by itself. */
public final class CamelPerRow {
    private CamelPerRow() {}

    /** Works off {@code raw-data/file-0.csv}. */
    public static void main(String[] args) throws Exception {
        Main camel = new Main();
        camel.bind("s3", S3Client.builder().forcePathStyle(true).build());
        camel.bind("dynamoDb", DynamoDbClient.create());
        CsvDataFormat csv = new CsvDataFormat();
        csv.setLazyLoad(true);
        csv.setUseMaps(true);
        camel.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:file")
                        .setHeader(AWS2S3Constants.KEY, constant("raw-data/file-0.csv"))
                        .to("aws2-s3:bench?operation=getObject")
                        .unmarshal(csv)
                        .split(body())
                        .streaming()
                        .stopOnException()
                        .setHeader(Ddb2Constants.ITEM, method(CamelPerRow.class, "item"))
                        .to("aws2-ddb:ProcessedOrders?operation=PutItem&enabledInitialDescribeTable=false")
                        .end();
            }
        });
        camel.start();
        camel.getCamelContext().createProducerTemplate().sendBody("direct:file", "");
        camel.stop();
    }

    /** The item of a row. */
    public static Map<String, AttributeValue> item(Map<String, String> row) {
        Map<String, AttributeValue> item = new LinkedHashMap<>();
        for (Map.Entry<String, String> cell : row.entrySet()) {
            item.put(
                    cell.getKey(),
                    List.of("quantity", "unit_price").contains(cell.getKey())
                            ? AttributeValue.fromN(cell.getValue())
                            : AttributeValue.fromS(cell.getValue()));
        }
        item.put(
                "total_amount",
                AttributeValue.fromN(new BigDecimal(row.get("quantity"))
                        .multiply(new BigDecimal(row.get("unit_price")))
                        .toPlainString()));
        return item;
    }
}
