/**
 * The fault campaign: a load whose history can be checked goes in, faults happen to the pump and to
 * the servers around it, and an oracle that shares no code with the pump says what was lost, came
 * twice or came wrong.
 */
package io.bottledwater.e2e.campaign;
