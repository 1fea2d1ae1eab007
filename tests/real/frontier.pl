# The other XML-RPC server of Perl, with the methods of the validation suite of UserLand. It prints its port.
use strict;
use warnings;
use Frontier::Daemon;

my %methods = (
    'validator1.arrayOfStructsTest' => sub { my $sum = 0; $sum += $_->{curly} for @{ $_[0] }; return $sum },
    'validator1.countTheEntities' => sub {
        my $text = shift;
        my %count = (ctLeftAngleBrackets => 0, ctRightAngleBrackets => 0, ctAmpersands => 0, ctApostrophes => 0, ctQuotes => 0);
        $count{ctLeftAngleBrackets} = () = $text =~ /</g;
        $count{ctRightAngleBrackets} = () = $text =~ />/g;
        $count{ctAmpersands} = () = $text =~ /&/g;
        $count{ctApostrophes} = () = $text =~ /'/g;
        $count{ctQuotes} = () = $text =~ /"/g;
        return \%count;
    },
    'validator1.easyStructTest' => sub { my $s = shift; return $s->{moe} + $s->{larry} + $s->{curly} },
    'validator1.echoStructTest' => sub { return shift },
    'validator1.moderateSizeArrayCheck' => sub { my $list = shift; return $list->[0] . $list->[-1] },
    'validator1.nestedStructTest' => sub {
        my $day = shift->{'2000'}{'04'}{'01'};
        return $day->{moe} + $day->{larry} + $day->{curly};
    },
    'validator1.simpleStructReturnTest' => sub {
        my $n = shift;
        return { times10 => $n * 10, times100 => $n * 100, times1000 => $n * 1000 };
    },
);

package Told;
our @ISA = ('Frontier::Daemon');
my $told;

# The constructor is the server; it begins to listen before it accepts.
sub accept {
    my $self = shift;
    print $self->sockport, "\n" unless $told++;
    return $self->SUPER::accept(@_);
}

$| = 1;
Told->new(LocalAddr => '127.0.0.1', LocalPort => 0, methods => \%methods) or die "no server: $!";
