package pipeline.read;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import pipeline.intake.StoredObject;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** A file version as it lies in the archive. Small files are fetched once and held, large ones are read as they come. */
public final class ArchivedSource implements Source {
    /** Up to this size a file is fetched once. */
    static final int HELD = 8 * 1024 * 1024;

    private final S3Client s3;
    private final String bucket;
    private final String file;
    private final StoredObject copy;
    private byte[] held;

    public ArchivedSource(S3Client s3, String bucket, String file, StoredObject copy) {
        this.s3 = s3;
        this.bucket = bucket;
        this.file = file;
        this.copy = copy;
    }

    @Override
    public String file() {
        return file;
    }

    @Override
    public long bytes() {
        return copy.bytes();
    }

    @Override
    public synchronized InputStream open() throws IOException {
        if (copy.bytes() > HELD) {
            return fetch();
        }
        if (held == null) {
            try (InputStream in = fetch()) {
                held = in.readAllBytes();
            }
        }
        return new ByteArrayInputStream(held);
    }

    private InputStream fetch() {
        return new Fetched(
                s3.getObject(request -> request.bucket(bucket).key(copy.key()).ifMatch('"' + copy.eTag() + '"')));
    }

    /** An object that may be left in the middle: its connection is dropped then, not read to the end. */
    private static final class Fetched extends FilterInputStream {
        private final ResponseInputStream<GetObjectResponse> response;
        private boolean ended;

        Fetched(ResponseInputStream<GetObjectResponse> response) {
            super(response);
            this.response = response;
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            ended |= read < 0;
            return read;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            ended |= read < 0;
            return read;
        }

        @Override
        public void close() throws IOException {
            if (ended) {
                super.close();
            } else {
                response.abort();
            }
        }
    }
}
