# An XML-RPC server of Perl, with the methods that describe it. It prints its port.
use strict;
use warnings;
use RPC::XML;
use RPC::XML::Server;

my $server = RPC::XML::Server->new(host => '127.0.0.1', port => 0, auto_methods => 0);
die $server unless ref $server;
$server->add_default_methods;
$server->add_method({
    name => 'sum', signature => ['int int int', 'double double double'], help => 'The sum of two numbers.',
    code => sub { my ($self, $one, $other) = @_; return $one + $other },
});
$server->add_method({
    name => 'reversed', signature => ['array array'], help => 'A list, the last member first.',
    code => sub { my ($self, $list) = @_; return [reverse @$list] },
});
$server->add_method({
    name => 'kinds', signature => ['struct'], help => 'A value of each kind.',
    code => sub {
        return {
            yes => RPC::XML::boolean->new(1), int => RPC::XML::int->new(-5), large => RPC::XML::i8->new('9007199254740993'),
            double => RPC::XML::double->new(0.25), text => RPC::XML::string->new("5 < 6 & \"\x{e4}\""), nothing => undef,
            date => RPC::XML::datetime_iso8601->new('20260228T23:59:59'), bytes => RPC::XML::base64->new('abc'),
            list => [1, 'two', {}],
        };
    },
});
$RPC::XML::ALLOW_NIL = 1;
$RPC::XML::ENCODING = 'utf-8';
$| = 1;
print $server->port, "\n";
$server->server_loop;
