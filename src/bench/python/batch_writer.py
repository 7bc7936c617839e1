"""What a Lambda function would do: read the object, check and map each row, put it through boto3's batch_writer."""
import codecs
import csv
import datetime
import decimal

import boto3

BUCKET = "bench"


def item(key, line, row):
    """The item of a row; None for one that is wrong."""
    try:
        quantity = int(row["quantity"])
        price = decimal.Decimal(row["unit_price"])
        datetime.date.fromisoformat(row["order_date"])
    except (ValueError, decimal.InvalidOperation):
        return None
    if quantity < 1 or price < 0 or not row["order_id"] or "@" not in row["email"]:
        return None
    stored = {name: cell for name, cell in row.items() if cell}
    stored.update(
        quantity=quantity,
        unit_price=price,
        total_amount=quantity * price,
        processing_status="completed",
        processed_timestamp=f"2026-01-01T00:00:00.{line:09d}Z",
        source_file=key,
        source_line=line,
    )
    return stored


def main():
    s3 = boto3.client("s3")
    table = boto3.resource("dynamodb").Table("ProcessedOrders")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix="raw-data/"):
        for found in page.get("Contents", []):
            body = s3.get_object(Bucket=BUCKET, Key=found["Key"])["Body"]
            with table.batch_writer() as batch:
                for line, row in enumerate(csv.DictReader(codecs.getreader("utf-8")(body)), start=2):
                    stored = item(found["Key"], line, row)
                    if stored:
                        batch.put_item(Item=stored)


main()
