// Gives each page one address: no slash at the end, and none twice. The cache then keeps it once.
// CloudFront runs this at every request, within a millisecond and without network.

// Names and values arrive encoded, and leave so.
function written(querystring) {
    var pairs = [];
    Object.keys(querystring).forEach(function (name) {
        var entry = querystring[name];
        (entry.multiValue || [entry]).forEach(function (one) {
            pairs.push(one.value === '' ? name : name + '=' + one.value);
        });
    });
    return pairs.length ? '?' + pairs.join('&') : '';
}

function handler(event) {
    var request = event.request;
    // Two slashes at the front would send viewers to another host.
    var path = request.uri.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
    if (path === request.uri) {
        return request;
    }
    return {
        statusCode: 301,
        statusDescription: 'Moved Permanently',
        headers: {
            location: { value: path + written(request.querystring) },
            'cache-control': { value: 'max-age=3600' }
        }
    };
}
