"""A stand-in for the Pulumi provider `aws`, for laptops and CI without AWS.

It answers the type tokens of pulumi-aws 7.51.1 that our components use, and speaks boto3 to a moto server named
by `AWS_ENDPOINT_URL`. It is never the thing to run against a real account: install the official plugin for that.
One module a service declares its resources (fields, and create, read, update, delete); `table.py` lists them;
`servicer.py` makes Pulumi's protocol out of the declarations. Imports nothing of the product.

For tests of failures, `AOA_SANDBOX_AWS_DELAY=<type>=<seconds>` makes a creation of that type sleep after AWS has
done it and before the engine hears of it. The process ends when its engine does, however that ends.
"""
