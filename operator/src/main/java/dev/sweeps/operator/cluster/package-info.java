/** What both reconcilers need of the cluster: labels, owners, events, status writes, refusals, the server's own judgement of a Job. */
package dev.sweeps.operator.cluster;
