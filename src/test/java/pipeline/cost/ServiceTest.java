package pipeline.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceTest {
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "PutObject, S3_PUTS",
        "CopyObject, S3_PUTS",
        "ListObjects, S3_PUTS",
        "ListObjectsV2, S3_PUTS",
        "CreateMultipartUpload, S3_PUTS",
        "UploadPart, S3_PUTS",
        "UploadPartCopy, S3_PUTS",
        "CompleteMultipartUpload, S3_PUTS",
        "GetObject, S3_GETS",
        "HeadObject, S3_GETS",
        "HeadBucket, S3_GETS"
    })
    void aRequestToS3IsOfOneOfTwoPrices(String operation, Charge charge) {
        assertEquals(List.of(charge), Service.S3.charges(operation));
    }

    @Test
    void whatDeletesIsFreeAndSoAreRequestsToDynamoDbThemselves() {
        assertEquals(List.of(), Service.S3.charges("DeleteObject"));
        assertEquals(List.of(), Service.S3.charges("AbortMultipartUpload"));
        assertEquals(List.of(), Service.DYNAMODB.charges("UpdateItem"));
    }

    @Test
    void anAlertIsARequestAndAnEmail() {
        assertEquals(List.of(Charge.SNS_REQUESTS, Charge.SNS_EMAILS), Service.SNS.charges("Publish"));
        assertEquals(List.of(Charge.SNS_REQUESTS), Service.SNS.charges("GetTopicAttributes"));
        assertEquals(List.of(Charge.SQS_REQUESTS), Service.SQS.charges("ReceiveMessage"));
    }
}
